(** * Values of words in a realisation: the normal form does not change them *)

From Coq Require Import ZArith List Bool Ring Lia Permutation.
From Steeralg Require Import Numbers NumberField Positive Words.
Import ListNotations.
Import TermSort.

Section Values.
Context {K : OrderedField} {A : StarAlgebra K}.
Add Ring C_ring4 : (@C_ring K).
Variables (theta : K) (S : Scenario) (R : Realisation S A).
Local Open Scope A_scope.

(** *** Rules of computation *)

Lemma add_zero_r (x : A) : x + 0 = x. Proof. rewrite aadd_comm. apply aadd_zero. Qed.
Lemma add_cancel (x y : A) : x + y = y -> x = 0.
Proof.
  intro H. transitivity (x + y + aopp y); [|rewrite H; apply aadd_opp].
  rewrite <- aadd_assoc, aadd_opp, add_zero_r. reflexivity.
Qed.
Lemma mul_zero_l (x : A) : 0 * x = 0.
Proof. apply (add_cancel _ (0 * x)). rewrite <- amul_add_l, aadd_zero. reflexivity. Qed.
Lemma mul_zero_r (x : A) : x * 0 = 0.
Proof. apply (add_cancel _ (x * 0)). rewrite <- amul_add_r, aadd_zero. reflexivity. Qed.
Lemma star_zero : (0 : A)^* = 0.
Proof. apply (add_cancel _ (0^*)). rewrite <- astar_add, aadd_zero. reflexivity. Qed.
Lemma star_one : (1 : A)^* = 1.
Proof. rewrite <- (amul_one_l K A (1^*)), <- (astar_star K A 1) at 1. rewrite <- astar_mul, amul_one_l.
apply astar_star. Qed.
Lemma scalar_zero : (scalar c0 : A) = 0.
Proof. apply (add_cancel _ (scalar c0)). rewrite <- scalar_add. f_equal. ring. Qed.
Lemma scalar_move z (x y : A) : x * (scalar z * y) = scalar z * (x * y).
Proof. rewrite !amul_assoc, scalar_central. reflexivity. Qed.

Definition int (z : Z) : A := scalar (real (ofZ z)).
Lemma int_0 : int 0 = 0. Proof. unfold int. rewrite ofZ_0. apply scalar_zero. Qed.
Lemma int_1 : int 1 = 1. Proof. unfold int. rewrite ofZ_1. apply scalar_one. Qed.
Lemma int_mul x y : int (x * y) = int x * int y.
Proof. unfold int. rewrite ofZ_mul, real_mul, scalar_mul. reflexivity. Qed.
Lemma int_opp (x : A) : x + int (-1) * x = 0.
Proof.
  rewrite <- (amul_one_l K A x) at 1. rewrite <- int_1, <- amul_add_l. unfold int.
  rewrite <- scalar_add, <- real_add, <- ofZ_add.
  change (1 + -1)%Z with 0%Z. fold (int 0). rewrite int_0. apply mul_zero_l.
Qed.

Lemma asum_app (l m : list A) : asum (l ++ m) = asum l + asum m.
Proof. induction l; cbn [asum app]; [rewrite aadd_zero; reflexivity|]. rewrite IHl, aadd_assoc. reflexivity. Qed.
Lemma asum_mul_l {T} x (f : T -> A) l : asum (map (fun t => x * f t) l) = x * asum (map f l).
Proof.
  induction l; cbn [asum map]; [rewrite mul_zero_r; reflexivity|]. rewrite IHl, amul_add_r. reflexivity.
Qed.
Lemma asum_mul_r {T} x (f : T -> A) l : asum (map (fun t => f t * x) l) = asum (map f l) * x.
Proof.
  induction l; cbn [asum map]; [rewrite mul_zero_l; reflexivity|]. rewrite IHl, amul_add_l. reflexivity.
Qed.
Lemma asum_flat_map {T V} (f : V -> A) (g : T -> list V) l :
  asum (map f (flat_map g l)) = asum (map (fun t => asum (map f (g t))) l).
Proof. induction l; cbn [asum map flat_map]; [reflexivity|]. rewrite map_app, asum_app, IHl. reflexivity. Qed.
Lemma asum_ext {T} (f g : T -> A) l : (forall t, In t l -> f t = g t) -> asum (map f l) = asum (map g l).
Proof.
  induction l; intro H; cbn [asum map]; [reflexivity|]. rewrite (H a) by (left; reflexivity).
  rewrite IHl by (intros; apply H; right; assumption). reflexivity.
Qed.

(** *** Letters: what is out of range counts as zero *)

Definition letter_val (k : nat) (l : letter) : A :=
  match l with
  | E a x => if (a <? outcome_count S k x)%nat then proj R k x a else 0
  | U i j y =>
      if (k =? boxes S)%nat && (y <? inputs S)%nat && (i <? dim S)%nat && (j <? dim S)%nat then unit R y i j else 0
  end.
Fixpoint string_val (k : nat) (w : list letter) : A :=
  match w with [] => 1 | l :: r => letter_val k l * string_val k r end.
Fixpoint word_val (k : nat) (w : word) : A :=
  match w with [] => 1 | p :: r => string_val k p * word_val (Datatypes.S k) r end.
Definition polynomial_val (P : polynomial) : A :=
  asum (map (fun t => scalar (gval K theta (fst t)) * word_val 0 (snd t)) P).

Lemma no_outcomes k x : (boxes S <= k)%nat -> outcome_count S k x = 0%nat.
Proof. intro H. unfold outcome_count. rewrite (nth_overflow (outcomes S)) by exact H. destruct x; reflexivity. Qed.

Lemma letter_star k l : (letter_val k l)^* = letter_val k (adjoint_letter l).
Proof.
  destruct l as [a x|i j y]; cbn [letter_val adjoint_letter].
  - destruct (Nat.ltb_spec a (outcome_count S k x)); [apply proj_star; assumption|apply star_zero].
  - rewrite <- !andb_assoc, (andb_comm (j <? dim S)%nat), !andb_assoc.
    destruct (k =? boxes S)%nat; cbn [andb]; [|apply star_zero].
    destruct (Nat.ltb_spec y (inputs S)); cbn [andb]; [|apply star_zero].
    destruct (Nat.ltb_spec i (dim S)); cbn [andb]; [|apply star_zero].
    destruct (Nat.ltb_spec j (dim S)); [|apply star_zero]. apply unit_star; assumption.
Qed.

Lemma letter_product k l m : match product S l m with
  | None => True
  | Some None => letter_val k l * letter_val k m = 0
  | Some (Some n) => letter_val k l * letter_val k m = letter_val k n
  end.
Proof.
  destruct l as [a x|i j y], m as [b z|p q z]; cbn [product]; try exact I.
  - destruct (Nat.eqb_spec x z) as [<-|]; [|exact I]. cbn [letter_val].
    destruct (Nat.eqb_spec a b) as [<-|N]; cbn [letter_val].
    + destruct (Nat.ltb_spec a (outcome_count S k x)); [|apply mul_zero_l].
    rewrite proj_mul, Nat.eqb_refl by assumption. reflexivity.
    + destruct (Nat.ltb_spec a (outcome_count S k x)); [|apply mul_zero_l].
      destruct (Nat.ltb_spec b (outcome_count S k x)); [|apply mul_zero_r].
      rewrite proj_mul by assumption. destruct (Nat.eqb_spec a b); [contradiction|reflexivity].
  - destruct (Nat.eqb_spec y z) as [<-|]; [|exact I]. cbn [letter_val].
    destruct (Nat.eqb_spec j p) as [<-|N]; cbn [andb].
    + destruct (Nat.ltb_spec j (dim S)) as [J|J].
      * cbn [letter_val]. destruct (k =? boxes S)%nat; cbn [andb]; [|apply mul_zero_l].
        destruct (Nat.ltb_spec y (inputs S)); cbn [andb]; [|apply mul_zero_l].
        destruct (Nat.ltb_spec i (dim S)); cbn [andb]; [|apply mul_zero_l].
        destruct (Nat.ltb_spec j (dim S)); [cbn [andb]|lia].
        destruct (Nat.ltb_spec q (dim S)); [|apply mul_zero_r].
        rewrite unit_mul, Nat.eqb_refl by assumption. reflexivity.
      * rewrite !andb_false_r. apply mul_zero_l.
    + destruct (k =? boxes S)%nat; cbn [andb]; [|apply mul_zero_l].
      destruct (Nat.ltb_spec y (inputs S)); cbn [andb]; [|apply mul_zero_l].
      destruct (Nat.ltb_spec i (dim S)); cbn [andb]; [|apply mul_zero_l].
      destruct (Nat.ltb_spec j (dim S)); cbn [andb]; [|apply mul_zero_l].
      destruct (Nat.ltb_spec p (dim S)); cbn [andb]; [|apply mul_zero_r].
      destruct (Nat.ltb_spec q (dim S)); cbn [andb]; [|apply mul_zero_r].
      rewrite unit_mul by assumption. destruct (Nat.eqb_spec j p); [contradiction|reflexivity].
Qed.

Lemma letters_commute k l k' m : k <> k' -> letter_val k l * letter_val k' m = letter_val k' m * letter_val k l.
Proof.
  intro N. destruct l as [a x|i j y], m as [b z|p q z]; cbn [letter_val].
  - destruct (Nat.ltb_spec a (outcome_count S k x)); [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.ltb_spec b (outcome_count S k' z)); [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    apply proj_comm; assumption.
  - destruct (Nat.ltb_spec a (outcome_count S k x)); [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (k' =? boxes S)%nat; cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.ltb_spec z (inputs S)); cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.ltb_spec p (dim S)); cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.ltb_spec q (dim S)); [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    apply unit_comm; assumption.
  - destruct (Nat.ltb_spec b (outcome_count S k' z)); [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (k =? boxes S)%nat; cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.ltb_spec y (inputs S)); cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.ltb_spec i (dim S)); cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.ltb_spec j (dim S)); [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    symmetry. apply unit_comm; assumption.
  - destruct (Nat.eqb_spec k (boxes S)) as [E1|]; cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    destruct (Nat.eqb_spec k' (boxes S)) as [E2|]; cbn [andb]; [|rewrite mul_zero_l, mul_zero_r; reflexivity].
    exfalso. apply N. congruence.
Qed.

(** *** Strings and words *)

Lemma string_app k v w : string_val k (v ++ w) = string_val k v * string_val k w.
Proof.
  induction v as [|l v IH]; cbn [string_val app]; [rewrite amul_one_l; reflexivity|]. rewrite IH, amul_assoc.
  reflexivity.
Qed.
Lemma string_letter_commute k v k' m : k <> k' -> string_val k v * letter_val k' m = letter_val k' m * string_val k v.
Proof.
  intro N. induction v as [|l v IH]; cbn [string_val]; [rewrite amul_one_l, amul_one_r; reflexivity|].
  rewrite <- amul_assoc, IH, amul_assoc, (letters_commute k l k' m N), amul_assoc. reflexivity.
Qed.
Lemma strings_commute k v k' w : k <> k' -> string_val k v * string_val k' w = string_val k' w * string_val k v.
Proof.
  intro N. induction w as [|m w IH]; cbn [string_val]; [rewrite amul_one_l, amul_one_r; reflexivity|].
  rewrite amul_assoc, (string_letter_commute k v k' m N), <- amul_assoc, IH, amul_assoc. reflexivity.
Qed.
Lemma string_word_commute k v w : forall k', (k < k')%nat -> string_val k v * word_val k' w = word_val k' w *
  string_val k v.
Proof.
  induction w as [|p w IH]; intros k' H; cbn [word_val]; [rewrite amul_one_l, amul_one_r; reflexivity|].
  rewrite amul_assoc, (strings_commute k v k' p) by lia. rewrite <- amul_assoc, IH by lia. apply amul_assoc.
Qed.
Lemma word_times v : forall w k, word_val k (times_word v w) = word_val k v * word_val k w.
Proof.
  induction v as [|p v IH]; intros w k; [cbn; rewrite amul_one_l; reflexivity|].
  destruct w as [|q w]; [cbn [times_word word_val]; rewrite amul_one_r; reflexivity|].
  cbn [times_word word_val]. rewrite string_app, IH.
  rewrite <- !amul_assoc. f_equal. rewrite !amul_assoc. f_equal. apply string_word_commute. lia.
Qed.
Lemma string_star k w : (string_val k w)^* = string_val k (rev (map adjoint_letter w)).
Proof.
  induction w as [|l w IH]; cbn [string_val map rev]; [apply star_one|].
  rewrite astar_mul, IH, letter_star, string_app. cbn [string_val]. rewrite amul_one_r. reflexivity.
Qed.
Lemma word_star w : forall k, (word_val k w)^* = word_val k (adjoint w).
Proof.
  induction w as [|p w IH]; intro k; cbn [word_val adjoint map]; [apply star_one|].
  rewrite astar_mul, IH, string_star. symmetry. apply string_word_commute. lia.
Qed.

(** *** The normal form has the same value *)

Definition combination_val (k : nat) (c : list (Z * list letter)) : A :=
  asum (map (fun t => int (fst t) * string_val k (snd t)) c).

Lemma others_sound k l ms : others S k l = Some ms ->
  1 = letter_val k l + asum (map (letter_val k) ms).
Proof.
  assert (Q : forall n (f : nat -> A), asum (map f (seq 0 (Datatypes.S n))) = f n + asum (map f (seq 0 n))).
  { intros n f. rewrite seq_S, map_app, asum_app. cbn [map asum plus]. rewrite add_zero_r. apply aadd_comm. }
  destruct l as [a x|i j y]; cbn [others].
  - destruct (Nat.eqb_spec (Datatypes.S a) (outcome_count S k x)) as [N|]; [|discriminate]. injection 1 as <-.
    rewrite <- (proj_sum S A R k x) by lia. rewrite <- N, Q. cbn [letter_val].
    destruct (Nat.ltb_spec a (outcome_count S k x)); [|lia]. f_equal. rewrite map_map. apply asum_ext.
    intros b B. apply in_seq in B. cbn [letter_val]. destruct (Nat.ltb_spec b (outcome_count S k x)); [reflexivity|lia].
  - destruct (Nat.eqb_spec k (boxes S)) as [B|]; [|discriminate].
    destruct (Nat.ltb_spec y (inputs S)) as [Y|]; [|discriminate].
    destruct (Nat.eqb_spec (Datatypes.S i) (dim S)) as [I|]; [|discriminate].
    destruct (Nat.eqb_spec (Datatypes.S j) (dim S)) as [J|]; [|discriminate]. cbn [andb]. injection 1 as <-.
    rewrite <- (unit_sum S A R y Y). rewrite <- I, Q. cbn [letter_val].
    replace j with i by lia. rewrite B, Nat.eqb_refl, <- I.
    destruct (Nat.ltb_spec y (inputs S)); [|lia]. destruct (Nat.ltb_spec i (Datatypes.S i)); [|lia]. cbn [andb].
    f_equal.
    rewrite map_map. apply asum_ext. intros b Hb. apply in_seq in Hb. cbn [letter_val].
    rewrite Nat.eqb_refl, <- I. destruct (Nat.ltb_spec y (inputs S)); [|lia].
    destruct (Nat.ltb_spec b (Datatypes.S i)); [reflexivity|lia].
Qed.

Lemma expand_sound k l w : combination_val k (expand S k l w) = letter_val k l * string_val k w.
Proof.
  unfold expand. destruct (others S k l) as [ms|] eqn:O.
  - unfold combination_val. cbn [map asum fst snd]. rewrite map_map. cbn [fst snd].
    rewrite (asum_ext _ (fun m => int (-1) * (letter_val k m * string_val k w)))  by reflexivity.
    rewrite asum_mul_l, asum_mul_r, int_1, amul_one_l.
    rewrite <- (amul_one_l K A (string_val k w)) at 1. rewrite (others_sound k l ms O).
    rewrite amul_add_l, <- aadd_assoc, int_opp. apply add_zero_r.
  - unfold combination_val. cbn [map asum fst snd string_val]. rewrite int_1, amul_one_l. apply add_zero_r.
Qed.

Lemma prepend_sound k l w : combination_val k (prepend S k l w) = letter_val k l * string_val k w.
Proof.
  destruct w as [|m r]; cbn [prepend]; [apply expand_sound|].
  pose proof (letter_product k l m) as P. destruct (product S l m) as [[n|]|].
  - rewrite expand_sound. cbn [string_val]. rewrite amul_assoc, P. reflexivity.
  - cbn [string_val]. rewrite amul_assoc, P, mul_zero_l. reflexivity.
  - apply expand_sound.
Qed.

Lemma reduce_string_sound k w : combination_val k (reduce_string S k w) = string_val k w.
Proof.
  induction w as [|l w IH]; cbn [reduce_string string_val].
  - unfold combination_val. cbn [map asum fst snd string_val]. rewrite int_1, amul_one_l. apply add_zero_r.
  - rewrite <- IH. unfold combination_val at 1. rewrite asum_flat_map. unfold combination_val at 1.
    rewrite <- asum_mul_l. apply asum_ext. intros [z v] _. cbn [fst snd].
    unfold scale_all. rewrite map_map. cbn [fst snd].
    rewrite (asum_ext _ (fun t => int z * (int (fst t) * string_val k (snd t)))).
    + rewrite asum_mul_l. fold (combination_val k (prepend S k l v)). rewrite prepend_sound. unfold int.
      rewrite scalar_move. reflexivity.
    + intros [u s] _. cbn [fst snd]. rewrite int_mul, amul_assoc. reflexivity.
Qed.

Lemma reduce_word_sound w : forall k, asum (map (fun t => int (fst t) * word_val k (snd t)) (reduce_word S k w)) =
  word_val k w.
Proof.
  induction w as [|p w IH]; intro k; cbn [reduce_word word_val].
  - cbn [map asum fst snd word_val]. rewrite int_1, amul_one_l. apply add_zero_r.
  - rewrite <- IH, <- (reduce_string_sound k p), asum_flat_map. unfold combination_val. rewrite <- asum_mul_r.
    apply asum_ext. intros [z v] _. cbn [fst snd]. rewrite map_map. cbn [fst snd]. rewrite <- asum_mul_l.
    apply asum_ext. intros [u s] _. cbn [fst snd word_val]. rewrite int_mul. unfold int.
    rewrite <- !amul_assoc. f_equal. rewrite scalar_move. reflexivity.
Qed.

Lemma polynomial_app P Q : polynomial_val (P ++ Q) = polynomial_val P + polynomial_val Q.
Proof. unfold polynomial_val. rewrite map_app. apply asum_app. Qed.

Lemma reduced_sound P : polynomial_val (reduced S P) = polynomial_val P.
Proof.
  unfold polynomial_val, reduced. rewrite asum_flat_map. apply asum_ext. intros [g w] _. cbn [fst snd].
  rewrite map_map. cbn [fst snd]. rewrite <- (reduce_word_sound w 0), <- asum_mul_l. apply asum_ext.
  intros [z v] _. cbn [fst snd]. rewrite gval_scale, scalar_mul. fold (int z).
  rewrite <- !amul_assoc. unfold int. rewrite scalar_move. reflexivity.
Qed.

Lemma permutation_sound P Q : Permutation P Q -> polynomial_val P = polynomial_val Q.
Proof.
  unfold polynomial_val. induction 1; cbn [map asum].
  - reflexivity.
  - rewrite IHPermutation. reflexivity.
  - rewrite !aadd_assoc. f_equal. apply aadd_comm.
  - congruence.
Qed.

Lemma sorted_sound P : polynomial_val (sorted P) = polynomial_val P.
Proof.
  symmetry. apply permutation_sound. unfold sorted.
  transitivity (map snd (map (fun t : gauss * word => (code (snd t), t)) P)).
  - rewrite map_map. cbn [snd]. rewrite map_id. apply Permutation_refl.
  - apply Permutation_map, Permuted_sort.
Qed.

Lemma word_eqb_sound v w : word_eqb v w = true -> v = w.
Proof.
  assert (L : forall l m, letter_eqb l m = true -> l = m).
  { intros [a x|i j y] [b z|p q z]; cbn [letter_eqb]; try discriminate; rewrite !andb_true_iff, !Nat.eqb_eq.
    - intros [-> ->]. reflexivity.
    - intros [[-> ->] ->]. reflexivity. }
  assert (G : forall T (eqb : T -> T -> bool), (forall x y, eqb x y = true -> x = y) ->
    forall a b, list_eqb eqb a b = true -> a = b).
  { intros T eqb Q. induction a as [|x a IH]; intros [|y b]; cbn [list_eqb]; try discriminate; [reflexivity|].
    rewrite andb_true_iff. intros [E1 E2]. f_equal; [apply Q, E1|apply IH, E2]. }
  apply G. apply G. exact L.
Qed.

Lemma cancel_sound P : forall w c, cancel w c P = true ->
  scalar (gval K theta c) * word_val 0 w + polynomial_val P = 0.
Proof.
  induction P as [|[d v] P IH]; intros w c; cbn [cancel].
  - intro Z. rewrite (gzero_sound K theta c Z), scalar_zero, mul_zero_l. unfold polynomial_val. apply add_zero_r.
  - change (polynomial_val ((d, v) :: P)) with (scalar (gval K theta d) * word_val 0 v + polynomial_val P).
    destruct (word_eqb w v) eqn:Q.
    + apply word_eqb_sound in Q. subst v. intro H. apply IH in H.
      rewrite gval_add, scalar_add, amul_add_l in H. rewrite aadd_assoc. exact H.
    + rewrite andb_true_iff. intros [Z H]. apply IH in H. rewrite H, (gzero_sound K theta c Z), scalar_zero, mul_zero_l.
      apply add_zero_r.
Qed.

Theorem is_zero_sound P : is_zero S P = true -> polynomial_val P = 0.
Proof.
  unfold is_zero. intro H. apply cancel_sound in H.
  rewrite sorted_sound, reduced_sound, gval_0, scalar_zero, mul_zero_l, aadd_zero in H. exact H.
Qed.
End Values.
