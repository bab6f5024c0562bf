(** * Positive semidefinite matrices, from certificates that are checked by computation.

    A Hermitian matrix M is shown to be positive semidefinite by  N M = sum_k d_k l_k l_k^* + R  with N > 0, d_k > 0 and
    R diagonally dominant; R is what is left, so the certificate is N, the d_k and the l_k. *)

From Coq Require Import ZArith List Bool Ring Field Lia.
From Steeralg Require Import Numbers NumberField.
Import ListNotations.

(** ** Meaning *)

(** The matrix H(0..n-1, 0..n-1) is positive semidefinite (of its values only the real part is asked for: for a
    Hermitian matrix they are real). *)
Definition psd {K : OrderedField} (n : nat) (H : nat -> nat -> Cx K) : Prop :=
  forall v : nat -> Cx K, le zero (re (csum n (fun s => csum n (fun t => cmul (cmul (conj (v s)) (v t)) (H s t))))).

(** ** MATRIX of the proof format: lower triangle row by row; im has no diagonal *)

Record Matrix := matrix { den : positive; re_rows : list (list poly); im_rows : list (list poly) }.
(** A matrix of rationals: the same with integers for the entries. *)
Definition rational (d : positive) (re im : list (list Z)) : Matrix :=
  matrix d (map (map const) re) (map (map const) im).
Definition lower (rows : list (list poly)) (i j : nat) : poly := nth j (nth i rows []) [].
Definition entry (m : Matrix) (i j : nat) : gauss :=
  if (j <? i)%nat then (lower (re_rows m) i j, lower (im_rows m) i j)
  else if (i <? j)%nat then (lower (re_rows m) j i, pscale (-1) (lower (im_rows m) j i))
  else (lower (re_rows m) i i, []).
(** The value of an entry. *)
Definition mval {K : OrderedField} (theta : K) (m : Matrix) (i j : nat) : Cx K :=
  cmul (real (inv (ofZ (Zpos (den m))))) (gval K theta (entry m i j)).

(** ** Certificates *)

Record Factor := factor { times : positive; diagonal : list poly; columns_re : list (list poly);
  columns_im : list (list poly) }.
Definition rational_factor (n : positive) (d : list Z) (re im : list (list Z)) : Factor :=
  factor n (map const d) (map (map const) re) (map (map const) im).

Fixpoint pairs (u v : list poly) : list gauss :=
  match u, v with
  | [], _ => map (fun y => ([], y)) v
  | _, [] => map (fun x => (x, [])) u
  | x :: u', y :: v' => (x, y) :: pairs u' v'
  end.
Definition row (f : Factor) (s : nat) : list gauss := pairs (nth s (columns_re f) []) (nth s (columns_im f) []).

(** sum_k d_k u_k conj(v_k) *)
Fixpoint dot (d : list poly) (u v : list gauss) : gauss :=
  match d, u, v with
  | a :: d', x :: u', y :: v' => gadd (gmul (a, []) (gmul x (gconj y))) (dot d' u' v')
  | _, _, _ => g0
  end.

Definition table {T} (n : nat) (f : nat -> nat -> T) : list (list T) := map (fun s => map (f s) (seq 0 n)) (seq 0 n).
Definition lookup {T} (default : T) (rows : list (list T)) (s t : nat) : T := nth t (nth s rows []) default.

(** |re| + |im| of an entry, an integer; every entry has to be one. *)
Definition whole (p : poly) : Z := hd 0%Z p.
Definition is_whole (x : gauss) : bool := pzero (tl (fst x)) && pzero (tl (snd x)).
Definition size (x : gauss) : Z := (Z.abs (whole (fst x)) + Z.abs (whole (snd x)))%Z.
Fixpoint zsum (n : nat) (f : nat -> Z) : Z := match n with O => 0%Z | S m => (zsum m f + f m)%Z end.
Definition below_n (n : nat) (test : nat -> bool) : bool := forallb test (seq 0 n).

Definition dominant (n : nat) (r : nat -> nat -> gauss) : bool :=
  below_n n (fun s =>
    (zsum n (fun t => if (s =? t)%nat then 0%Z else size (r s t)) <=? whole (fst (r s s)))%Z
    && below_n n (fun t => is_whole (r s t)
      && (whole (fst (r t s)) =? whole (fst (r s t)))%Z && (whole (snd (r t s)) =? - whole (snd (r s t)))%Z)).

Definition psd_check (k : Field) (e : Enclosure) (n : nat) (m : Matrix) (f : Factor) : bool :=
  let rest := table n (fun s t =>
    greduce k (gadd (gscale (Zpos (times f)) (entry m s t)) (gscale (-1) (dot (diagonal f) (row f s) (row f t))))) in
  forallb (is_positive e) (diagonal f) && dominant n (lookup g0 rest).

(** ** Proofs *)

Lemma lookup_table {T} (default : T) n f s t : (s < n)%nat -> (t < n)%nat -> lookup default (table n f) s t = f s t.
Proof.
  intros Hs Ht. unfold lookup, table.
  rewrite (nth_indep _ [] (map (f 0) (seq 0 n))) by (rewrite map_length, seq_length; exact Hs).
  rewrite (map_nth (fun s => map (f s) (seq 0 n))), seq_nth by exact Hs.
  rewrite (nth_indep _ default (f (0 + s) 0)) by (rewrite map_length, seq_length; exact Ht).
  rewrite (map_nth (f (0 + s))), seq_nth by exact Ht. reflexivity.
Qed.

Lemma below_n_spec n test : below_n n test = true <-> forall i, (i < n)%nat -> test i = true.
Proof.
  unfold below_n. rewrite forallb_forall. split; intros H i Hi; apply H.
  - apply in_seq. lia.
  - apply in_seq in Hi. lia.
Qed.

Section Positivity.
Variables (K : OrderedField) (theta : K) (n : nat) (H : nat -> nat -> Cx K).
Add Field K_field6 : (field_laws K).
Add Ring C_ring2 : (@C_ring K).
Local Open Scope C_scope.
Hypothesis H_psd : psd n H.

(** The sum over all entries of a matrix times those of H. *)
Definition pairing (m : nat -> nat -> Cx K) : Cx K := csum n (fun s => csum n (fun t => m s t * H s t)).

Lemma pairing_add a b : pairing (fun s t => a s t + b s t) = pairing a + pairing b.
Proof.
  unfold pairing. rewrite <- csum_add. apply csum_ext. intros s _. rewrite <- csum_add. apply csum_ext.
  intros t _. ring.
Qed.
Lemma pairing_mul c a : pairing (fun s t => c * a s t) = c * pairing a.
Proof.
  unfold pairing. rewrite <- csum_mul. apply csum_ext. intros s _. rewrite <- csum_mul. apply csum_ext.
  intros t _. ring.
Qed.
Lemma pairing_ext a b : (forall s t, (s < n)%nat -> (t < n)%nat -> a s t = b s t) -> pairing a = pairing b.
Proof.
  intro E. unfold pairing. apply csum_ext. intros s Hs. apply csum_ext. intros t Ht. rewrite E by assumption.
  reflexivity.
Qed.

Lemma square_pos (v : nat -> Cx K) : le zero (re (pairing (fun s t => v s * conj (v t)))).
Proof.
  apply (le_0_eq K _ _ (H_psd (fun s => conj (v s)))). unfold pairing. f_equal.
  apply csum_ext. intros s _. apply csum_ext. intros t _. rewrite conj_conj. reflexivity.
Qed.

(** *** Sums of d l l^* *)

Lemma gval_real a : gval K theta (a, []) = real (pval K theta a). Proof. reflexivity. Qed.

Lemma dot_cons a d u v : gval K theta (dot (a :: d) u v) =
  real (pval K theta a) * (gval K theta (hd g0 u) * conj (gval K theta (hd g0 v)))
  + gval K theta (dot d (tl u) (tl v)).
Proof.
  destruct u as [|x u]; [|destruct v as [|y v]]; cbn [dot hd tl].
  - rewrite gval_0. assert (E : gval K theta (dot d [] (tl v)) = c0) by (destruct d; reflexivity). rewrite E. ring.
  - rewrite gval_0. assert (E : gval K theta (dot d u []) = c0) by (destruct d, u; reflexivity). rewrite E.
    replace (conj (c0 : Cx K)) with (c0 : Cx K) by (symmetry; apply conj_real). ring.
  - rewrite gval_add, !gval_mul, gval_conj, gval_real. reflexivity.
Qed.

Lemma dot_pos d : Forall (fun a => lt zero (pval K theta a)) d -> forall u : nat -> list gauss,
  le zero (re (pairing (fun s t => gval K theta (dot d (u s) (u t))))).
Proof.
  induction 1 as [|a d [Ha _] _ IH]; intro u.
  - replace (pairing _) with (c0 : Cx K); [apply le_refl|]. symmetry. unfold pairing. apply csum_0. intros s _.
    apply csum_0. intros t _. cbn [dot]. rewrite gval_0. ring.
  - rewrite (pairing_ext _ (fun s t => real (pval K theta a) *
      (gval K theta (hd g0 (u s)) * conj (gval K theta (hd g0 (u t)))) + gval K theta (dot d (tl (u s)) (tl (u t)))))
      by (intros; apply dot_cons).
    rewrite pairing_add, re_add, pairing_mul, re_real_mul. apply le_0_add; [|apply (IH (fun s => tl (u s)))].
    apply le_mul; [exact Ha|]. apply (square_pos (fun s => gval K theta (hd g0 (u s)))).
Qed.

(** *** Diagonal dominance *)

Lemma csum_delta m i (f : nat -> Cx K) : (i < m)%nat -> csum m (fun j => if (j =? i)%nat then f j else c0) = f i.
Proof.
  induction m as [|m IH]; intro Hi; [lia|]. cbn [csum]. destruct (Nat.eqb_spec m i) as [->|N].
  - rewrite csum_0; [ring|]. intros j Hj. destruct (Nat.eqb_spec j i); [lia|reflexivity].
  - rewrite IH by lia. ring.
Qed.

Lemma pair_pos s t (b : Cx K) : (s < n)%nat -> (t < n)%nat -> s <> t -> b * conj b = c1 ->
  le zero (re (H s s + conj b * H s t + b * H t s + H t t)).
Proof.
  intros Hs Ht N B.
  pose proof (square_pos (fun i => (if (i =? s)%nat then c1 else c0) + (if (i =? t)%nat then b else c0))) as P.
  apply (le_0_eq K _ _ P). f_equal. unfold pairing.
  assert (conj0 : conj (c0 : Cx K) = c0) by apply conj_real.
  assert (conj1 : conj (c1 : Cx K) = c1) by apply conj_real.
  rewrite (csum_ext n _ (fun i => (if (i =? s)%nat then H i s + conj b * H i t else c0) +
    (if (i =? t)%nat then b * (H i s + conj b * H i t) else c0))).
  - rewrite csum_add, !csum_delta by assumption.
    transitivity (H s s + conj b * H s t + b * H t s + (b * conj b) * H t t); [ring|]. rewrite B. ring.
  - intros i _.
    rewrite (csum_ext n _ (fun j => ((if (i =? s)%nat then c1 else c0) + (if (i =? t)%nat then b else c0)) *
      ((if (j =? s)%nat then H i j else c0) + (if (j =? t)%nat then conj b * H i j else c0)))).
    + rewrite csum_mul, csum_add, !csum_delta by assumption.
      destruct (i =? s)%nat, (i =? t)%nat; ring.
    + intros j _. rewrite conj_add. destruct (j =? s)%nat, (j =? t)%nat; rewrite ?conj0, ?conj1; ring.
Qed.

Definition whole_val (x : gauss) : Cx K := (ofZ (whole (fst x)), ofZ (whole (snd x))).
Lemma is_whole_sound x : is_whole x = true -> gval K theta x = whole_val x.
Proof.
  assert (P : forall p, pzero (tl p) = true -> pval K theta p = ofZ (whole p)).
  { intros [|z p] Hp; cbn [whole hd tl pval] in *; [rewrite ofZ_0; reflexivity|]. rewrite (pzero_sound K theta p Hp).
  ring. }
  unfold is_whole. rewrite andb_true_iff. intros [H1 H2]. unfold gval, whole_val. rewrite !P by assumption. reflexivity.
Qed.

(** |x| + |y| times the diagonal, plus both entries off the diagonal, is a sum of squares. *)
Lemma off_pos s t (x y : Z) : (s < n)%nat -> (t < n)%nat -> s <> t ->
  le zero (re (real (ofZ (Z.abs x + Z.abs y)) * (H s s + H t t)
    + (ofZ x, ofZ y) * H s t + conj (ofZ x, ofZ y) * H t s)).
Proof.
  intros Hs Ht N.
  assert (S : forall (z : Z) (u : Cx K), (forall b, b = u \/ b = - u -> b * conj b = c1) ->
    le zero (re (real (ofZ (Z.abs z)) * (H s s + H t t) + real (ofZ z) * (conj u * H s t + u * H t s)))).
  { intros z u U. destruct (Z.abs_spec z) as [[Z0 ->]|[Z0 ->]].
    - replace (real (ofZ z) * (H s s + H t t) + real (ofZ z) * (conj u * H s t + u * H t s))
        with (real (ofZ z) * (H s s + conj u * H s t + u * H t s + H t t)) by ring.
      rewrite re_real_mul. apply le_mul; [rewrite <- ofZ_0; apply le_ofZ; lia|]. apply pair_pos; auto.
    - replace (real (ofZ (- z)) * (H s s + H t t) + real (ofZ z) * (conj u * H s t + u * H t s))
        with (real (ofZ (- z)) * (H s s + conj (- u) * H s t + - u * H t s + H t t)).
      + rewrite re_real_mul. apply le_mul; [rewrite <- ofZ_0; apply le_ofZ; lia|]. apply pair_pos; auto.
      + replace (real (ofZ (- z)) : Cx K) with (- real (ofZ z) : Cx K).
        * replace (conj (- u)) with (- conj u); [ring|]. unfold conj, copp; cbn [re im fst snd]. reflexivity.
        * rewrite ofZ_opp. unfold copp, real, re, im; cbn [fst snd]. f_equal. ring. }
  pose proof (S x c1) as Sx. pose proof (S y (zero, opp one)) as Sy.
  assert (U1 : forall b : Cx K, b = c1 \/ b = - c1 -> b * conj b = c1).
  { intros b [->| ->]; unfold conj, cmul, copp, c1, re, im; cbn [fst snd]; f_equal; ring. }
  assert (U2 : forall b : Cx K, b = (zero, opp one) \/ b = - (zero, opp one) -> b * conj b = c1).
  { intros b [->| ->]; unfold conj, cmul, copp, c1, re, im; cbn [fst snd]; f_equal; ring. }
  pose proof (le_0_add K _ _ (Sx U1) (Sy U2)) as P. apply (le_0_eq K _ _ P). rewrite <- re_add. f_equal.
  rewrite ofZ_add, real_add.
  replace (ofZ x, ofZ y) with (real (ofZ x) * c1 + real (ofZ y) * conj ((zero, opp one) : Cx K)).
  - rewrite conj_add, !conj_mul, !conj_real, conj_conj. replace (conj (c1 : Cx K)) with (c1 : Cx K).
    + ring.
    + symmetry. apply conj_real.
  - unfold conj, cmul, cadd, real, c1, re, im; cbn [fst snd]; f_equal; ring.
Qed.

Lemma real_zsum m f : (real (ofZ (zsum m f)) : Cx K) = csum m (fun i => real (ofZ (f i))).
Proof.
  induction m as [|m IH]; cbn [zsum csum]; [rewrite ofZ_0; reflexivity|]. rewrite ofZ_add, real_add, IH. reflexivity.
Qed.

Lemma re_double (z : Cx K) : le zero (re (z + z)) -> le zero (re z).
Proof.
  rewrite re_add. intro P. apply (le_0_factor K (ofZ 2)); [apply lt_ofZ; lia|].
  replace (mul (ofZ 2) (re z)) with (add (re z) (re z)); [exact P|].
  change 2%Z with (1 + 1)%Z. rewrite ofZ_add, ofZ_1. ring.
Qed.

Lemma diagonal_pos s : (s < n)%nat -> le zero (re (H s s)).
Proof.
  intro Hs. pose proof (square_pos (fun i => if (i =? s)%nat then c1 else c0)) as P. apply (le_0_eq K _ _ P). f_equal.
  unfold pairing. rewrite (csum_ext n _ (fun i => if (i =? s)%nat then H i s else c0)).
  - apply (csum_delta n s (fun i => H i s)), Hs.
  - intros i _. rewrite (csum_ext n _ (fun j => if (j =? s)%nat then (if (i =? s)%nat then H i j else c0) else c0)).
    + apply (csum_delta n s (fun j => if (i =? s)%nat then H i j else c0)), Hs.
    + assert (conj0 : conj (c0 : Cx K) = c0) by apply conj_real.
      assert (conj1 : conj (c1 : Cx K) = c1) by apply conj_real.
      intros j _. destruct (i =? s)%nat, (j =? s)%nat; rewrite ?conj0, ?conj1; ring.
Qed.

Lemma dominant_pos r : dominant n r = true -> le zero (re (pairing (fun s t => gval K theta (r s t)))).
Proof.
  unfold dominant. rewrite below_n_spec. intro D.
  set (x s t := whole (fst (r s t))). set (y s t := whole (snd (r s t))).
  set (w s t := if (s =? t)%nat then 0%Z else size (r s t)).
  assert (Rval : forall s t, (s < n)%nat -> (t < n)%nat -> gval K theta (r s t) = (ofZ (x s t), ofZ (y s t)) /\
    x t s = x s t /\ y t s = (- y s t)%Z).
  { intros s t Hs Ht. specialize (D s Hs). rewrite andb_true_iff, below_n_spec in D. destruct D as [_ D].
    specialize (D t Ht). rewrite !andb_true_iff, !Z.eqb_eq in D. destruct D as [[W X] Y].
    rewrite (is_whole_sound _ W). auto. }
  assert (Row : forall s, (s < n)%nat -> (zsum n (w s) <= x s s)%Z).
  { intros s Hs. specialize (D s Hs). rewrite andb_true_iff, Z.leb_le in D. apply D. }
  assert (W : forall s t, (s < n)%nat -> (t < n)%nat -> w t s = w s t).
  { intros s t Hs Ht. unfold w. rewrite (Nat.eqb_sym t s). destruct (s =? t)%nat; [reflexivity|].
    destruct (Rval s t Hs Ht) as (_ & X & Y). unfold size. fold (x t s) (y t s) (x s t) (y s t). rewrite X, Y. lia. }
  clear D. apply re_double.
  (* twice the sum: the squares of all pairs, and what is left on the diagonal *)
  set (off s t := if (s =? t)%nat then c0 else (ofZ (x s t), ofZ (y s t)) : Cx K).
  assert (E : pairing (fun s t => gval K theta (r s t)) + pairing (fun s t => gval K theta (r s t)) =
    csum n (fun s => csum n (fun t => real (ofZ (w s t)) * (H s s + H t t) + off s t * H s t + conj (off s t) * H t s))
    + csum n (fun s => real (ofZ (2 * (x s s - zsum n (w s)))) * H s s)).
  { transitivity (csum n (fun s => csum n (fun t => real (ofZ (w s t)) * H s s)) +
      csum n (fun s => csum n (fun t => real (ofZ (w s t)) * H t t)) +
      csum n (fun s => csum n (fun t => off s t * H s t)) + csum n (fun s => csum n (fun t => conj (off s t) * H t s)) +
      csum n (fun s => real (ofZ (2 * (x s s - zsum n (w s)))) * H s s)).
    2:{ f_equal. rewrite <- !csum_add. apply csum_ext. intros s _. rewrite <- !csum_add. apply csum_ext. intros t _.
    ring. }
    rewrite (csum_swap n n (fun s t => real (ofZ (w s t)) * H t t)).
    rewrite (csum_swap n n (fun s t => conj (off s t) * H t s)).
    assert (Q : forall s, (s < n)%nat -> csum n (fun t => gval K theta (r s t) * H s t) =
      csum n (fun t => off s t * H s t) + real (ofZ (x s s)) * H s s).
    { intros s Hs. rewrite <- (csum_delta n s (fun t => real (ofZ (x s s)) * H s t)) by exact Hs. rewrite <- csum_add.
      apply csum_ext. intros t Ht. destruct (Rval s t Hs Ht) as (V & _ & Y). rewrite V. unfold off.
      rewrite (Nat.eqb_sym t s). destruct (Nat.eqb_spec s t) as [<-|]; [|ring].
      replace (y s s) with 0%Z by lia. rewrite ofZ_0. fold (real (ofZ (x s s)) : Cx K). ring. }
    assert (O : csum n (fun j => csum n (fun i => conj (off i j) * H j i)) =
      csum n (fun s => csum n (fun t => off s t * H s t))).
    { apply csum_ext. intros s Hs. apply csum_ext. intros t Ht. f_equal. unfold off. rewrite (Nat.eqb_sym t s).
      destruct (s =? t)%nat; [apply conj_real|]. destruct (Rval s t Hs Ht) as (_ & X & Y). rewrite X, Y, ofZ_opp.
      unfold conj; cbn [re im fst snd]. f_equal. ring. }
    rewrite O. unfold pairing. rewrite (csum_ext n _ _ Q), !csum_add.
    rewrite (csum_ext n (fun s => csum n (fun t => real (ofZ (w s t)) * H s s))
      (fun s => real (ofZ (zsum n (w s))) * H s s)).
    2:{ intros s _. rewrite real_zsum. replace (csum n (fun i => real (ofZ (w s i))) * H s s)
          with (H s s * csum n (fun i => real (ofZ (w s i)))) by ring.
        rewrite <- csum_mul. apply csum_ext. intros t _. ring. }
    rewrite (csum_ext n (fun j => csum n (fun i => real (ofZ (w i j)) * H j j))
      (fun s => real (ofZ (zsum n (w s))) * H s s)).
    2:{ intros s Hs. rewrite real_zsum. replace (csum n (fun i => real (ofZ (w s i))) * H s s)
          with (H s s * csum n (fun i => real (ofZ (w s i)))) by ring.
        rewrite <- csum_mul. apply csum_ext. intros t Ht. rewrite (W s t Hs Ht). ring. }
    rewrite (csum_ext n (fun s => real (ofZ (2 * (x s s - zsum n (w s)))) * H s s)
      (fun s => (real (ofZ (x s s)) * H s s + real (ofZ (x s s)) * H s s) +
        real (ofZ (-2)) * (real (ofZ (zsum n (w s))) * H s s))).
    2:{ intros s _. rewrite ofZ_mul, ofZ_sub. change 2%Z with (1 + 1)%Z. change (-2)%Z with (- (1) + - (1))%Z.
        rewrite !ofZ_add, ofZ_opp, ofZ_1.
        unfold cmul, cadd, real, re, im; cbn [fst snd]; f_equal; ring. }
    rewrite !csum_add, csum_mul.
    replace (real (ofZ (-2)) : Cx K) with (- (c1 + c1) : Cx K); [ring|].
    change (-2)%Z with (- (1) + - (1))%Z. rewrite !ofZ_add, ofZ_opp, ofZ_1.
    unfold copp, cadd, c1, real, re, im; cbn [fst snd]; f_equal; ring. }
  rewrite E, re_add. apply le_0_add.
  - apply re_csum_pos. intros s Hs. apply re_csum_pos. intros t Ht. unfold w, off, size.
    fold (x s t) (y s t). destruct (Nat.eqb_spec s t) as [<-|N].
    + replace (_ + _ + _) with (c0 : Cx K); [apply le_refl|]. rewrite ofZ_0.
      replace (conj (c0 : Cx K)) with (c0 : Cx K) by (symmetry; apply conj_real).
      fold (c0 : Cx K). unfold real. fold (@c0 K). ring.
    + apply off_pos; assumption.
  - apply re_csum_pos. intros s Hs. rewrite re_real_mul. apply le_mul; [|apply diagonal_pos, Hs].
    rewrite <- ofZ_0. apply le_ofZ. specialize (Row s Hs). lia.
Qed.

(** *** The certificate *)

Theorem psd_check_sound k e m f : is_root theta k -> enclosure_ok k e = true -> psd_check k e n m f = true ->
  le zero (re (pairing (fun s t => gval K theta (entry m s t)))).
Proof.
  intros root e_ok. unfold psd_check. rewrite andb_true_iff, forallb_forall. intros [P D].
  apply dominant_pos in D.
  assert (F : Forall (fun a => lt zero (pval K theta a)) (diagonal f)).
  { apply Forall_forall. intros a Ha. apply (is_positive_sound K theta k root e e_ok). apply P, Ha. }
  pose proof (dot_pos _ F (row f)) as Q.
  rewrite (pairing_ext _ (fun s t => real (ofZ (Zpos (times f))) * gval K theta (entry m s t) +
    (- c1) * gval K theta (dot (diagonal f) (row f s) (row f t)))) in D.
  - rewrite pairing_add, !pairing_mul in D.
    apply (le_0_factor K (ofZ (Zpos (times f)))); [apply lt_ofZ; lia|]. rewrite <- re_real_mul.
    pose proof (le_0_add K _ _ D Q) as P'. apply (le_0_eq K _ _ P'). rewrite <- re_add. f_equal. ring.
  - intros s t Hs Ht. rewrite lookup_table by assumption.
    rewrite (gval_reduce K theta k _ root (enclosure_degree k e e_ok)), gval_add, !gval_scale, ofZ_m1.
    f_equal. f_equal. unfold copp, c1, real, re, im; cbn [fst snd]. f_equal. ring.
Qed.
End Positivity.

(** *** Back to vectors *)

Section Vectors.
Variable K : OrderedField.
Add Field K_field7 : (field_laws K).
Add Ring C_ring3 : (@C_ring K).

Lemma vectors_psd n (v : nat -> Cx K) : psd n (fun s t => cmul (conj (v s)) (v t)).
Proof.
  intro w. set (z := csum n (fun s => cmul (v s) (w s))).
  apply (le_0_eq K (re (cmul (conj z) z))).
  - destruct z as [a b]. unfold conj, cmul, re, im; cbn [fst snd].
    pose proof (le_0_add K _ _ (le_0_square K a) (le_0_square K b)) as P. apply (le_0_eq K _ _ P). ring.
  - f_equal. unfold z at 1. rewrite conj_csum.
    transitivity (cmul z (csum n (fun i => conj (cmul (v i) (w i))))); [ring|]. rewrite <- csum_mul.
    apply csum_ext. intros s _. unfold z.
    transitivity (cmul (conj (cmul (v s) (w s))) (csum n (fun i => cmul (v i) (w i)))); [ring|].
    rewrite <- csum_mul. apply csum_ext. intros t _. rewrite conj_mul. ring.
Qed.

(** A matrix with a certificate is positive semidefinite. *)
Theorem psd_check_psd k e n m f (theta : K) : is_root theta k -> enclosure_ok k e = true ->
  psd_check k e n m f = true -> psd n (mval theta m).
Proof.
  intros root E C v. pose proof (psd_check_sound K theta n _ (vectors_psd n v) k e m f root E C) as P.
  unfold pairing in P.
  apply (le_0_factor K (ofZ (Zpos (den m)))); [apply lt_ofZ; lia|]. rewrite <- re_real_mul, <- csum_mul.
  apply (le_0_eq K _ _ P). f_equal. apply csum_ext. intros s _. rewrite <- csum_mul. apply csum_ext. intros t _.
  unfold mval.
  transitivity (cmul (real (mul (ofZ (Zpos (den m))) (inv (ofZ (Zpos (den m))))))
    (cmul (gval K theta (entry m s t)) (cmul (conj (v s)) (v t)))); [|rewrite real_mul; ring].
  replace (mul (ofZ (Zpos (den m))) (inv (ofZ (Zpos (den m))))) with (one : K).
  - change (real one) with (@c1 K). ring.
  - field. apply ofZ_neq_0. lia.
Qed.
End Vectors.
